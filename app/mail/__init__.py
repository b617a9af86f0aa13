"""Mail that is neither lost nor doubled: rendered once, kept, delivered by claim."""
