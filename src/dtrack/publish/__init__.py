"""What leaves the house for people and portals: plots, reference pages."""
