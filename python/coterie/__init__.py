"""Coterie: customer segmentation as a tested, versioned data contract."""
