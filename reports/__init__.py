"""From a verdict and its history to text and one offline HTML page."""
