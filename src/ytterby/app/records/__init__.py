"""The model beside the record."""
