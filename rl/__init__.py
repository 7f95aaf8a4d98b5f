"""Training: the only place where torch is imported, and only inside functions. Judging an answer is the sandbox's."""
