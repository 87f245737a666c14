"""The events as a calendar: iCalendar, https://www.rfc-editor.org/rfc/rfc5545."""
