"""What a hospital does its own way: its folder under `mappings/hospitals`, loaded and checked at start."""
