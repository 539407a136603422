"""The console's pages: each module routes its own."""
