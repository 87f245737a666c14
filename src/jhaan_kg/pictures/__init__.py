"""Pictures of answers as SVG, without scripts and inline styles.

The same answer results in the same bytes.
"""
