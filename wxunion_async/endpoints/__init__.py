"""The endpoints: one file each, in the folder of its group."""
