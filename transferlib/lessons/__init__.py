"""What one lesson alone needs, a folder a lesson: its pictures, its panel, its exercises. No lesson imports a lesson."""
