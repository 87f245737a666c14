"""HTTP client for other servers, with exact errors and protected secrets."""
