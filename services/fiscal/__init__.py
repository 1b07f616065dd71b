"""What does the law add? One module or folder a country behind one seam."""
