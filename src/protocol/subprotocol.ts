/** What a socket speaks, and the signs of life on it. It stands apart from the schemas, which the widget goes without. */
export const subprotocol = 'sotto.v1';
export const ping = 'ping';
export const pong = 'pong';
