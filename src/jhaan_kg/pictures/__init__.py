"""Pictures of answers as SVG, without scripts and inline styles; the same answer results in the same bytes."""
