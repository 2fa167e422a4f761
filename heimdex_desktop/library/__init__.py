"""What is kept on disk about videos: where they are, their sidecars, their vectors."""
