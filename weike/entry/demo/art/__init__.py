"""Pictures of the demo shop, drawn by code: goods, brand, icons, avatars, empty states.

Drawing is pure: the same name always gives the same SVG text, and the same SVG the same bytes.
No font and no system library is needed; lettering is kept as outlines (`glyphs.json`).
"""
