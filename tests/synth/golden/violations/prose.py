Here is the environment you asked for.
