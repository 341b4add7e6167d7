//! From the command line to a window: options, renderers in order, the fatal message.
