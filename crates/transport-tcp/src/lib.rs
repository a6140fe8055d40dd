//! Length-prefixed bytes over TCP: the floor that the contestants are held against.
