/** A room of socket.io: says to everyone in it what one of them says. Tells its parent where it listens. */
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Server } from 'socket.io';

const http = createServer();
const io = new Server(http, { perMessageDeflate: false });
io.on('connection', async (socket) => {
  const room = String(socket.handshake.query['room']);
  await socket.join(room);
  socket.on('say', (said: string) => io.to(room).emit('said', said));
});
http.listen(0, '127.0.0.1', () => process.send?.((http.address() as AddressInfo).port));
process.once('disconnect', () => process.exit());
