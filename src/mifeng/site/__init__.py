"""The site around the rooms: settings, middleware, sign-in, start-up, the command line."""
