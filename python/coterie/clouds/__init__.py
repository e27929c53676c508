"""Every SQL model compiled and parsed for eight warehouses, without a connection to any."""
