"""The stories of what goes in: a change is checked, journalled, stored - or refused whole."""
