"""The demonstration: two real node processes on this machine, driven through their public interface."""
