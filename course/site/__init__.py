"""The static website: mdBook renders the lessons, our preprocessor turns notebooks into pages that run."""
