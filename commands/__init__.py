"""The command line's commands, a file for each of the user's jobs; they wire the stages and hold no logic."""
