"""The plain facts everything else speaks about: no Qt, no files, no models."""
