"""The show house: a fictional street with its people and a year of cases, made from a seed and owned by nobody."""
