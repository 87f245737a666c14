"""HTTP client for other servers, with specific error messages and protected secrets."""
