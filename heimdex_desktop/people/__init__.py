"""People: whose faces are whose, as a person says and as the vectors say."""
