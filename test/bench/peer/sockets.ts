import { createServer } from 'node:http';
import { Server } from 'socket.io';

/* The limit that terminals' sockets are held against: Socket.IO with its defaults and nothing behind it. */

const server = createServer();
const io = new Server(server, { serveClient: false });
io.on('connection', () => undefined);
server.listen(Number(process.env['PORT']), '127.0.0.1', () => process.stdout.write('peer ready\n'));
process.once('SIGTERM', () => process.exit(0));
