"""What tests stand on besides the portal: real servers and a real browser."""
