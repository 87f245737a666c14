"""What tells two releases apart: they are read (`release`), compared (`compare`) and reported (`report`)."""
