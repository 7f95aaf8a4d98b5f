"""Pages to look at: a pool, and a training run, each as one HTML file that loads nothing. Nothing is judged here."""
