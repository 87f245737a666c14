"""Pictures of answers as SVG: the same bytes for the same answer, without scripts and inline styles."""
