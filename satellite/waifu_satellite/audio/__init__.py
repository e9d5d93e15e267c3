"""Microphones and loudspeakers behind two small interfaces."""
