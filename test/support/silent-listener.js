// Listens with the shortest queue of connections there is, and never accepts: once the queue is full, the kernel ignores
// further attempts to connect, as a network without a route would.
const { createServer } = require('node:net');

const server = createServer();
server.listen({ port: 0, host: '127.0.0.1', backlog: 1 }, () => {
  process.send(server.address().port, () => {
    Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0);
  });
});
