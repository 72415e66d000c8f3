"""The methods of the later lessons, one module each."""
