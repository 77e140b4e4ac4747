import { once } from 'node:events';
import {
  connect,
  createServer,
  type AddressInfo,
  type Server,
  type Socket,
} from 'node:net';

/** How the network between two processes is. */
export type Network =
  | { kind: 'open' }
  /** Connections break, and none can be made. */
  | { kind: 'cut' }
  /** Connections stay and can be made, but nothing arrives. */
  | { kind: 'halfOpen' }
  /** Everything arrives late, and little at a time. */
  | { kind: 'slow'; delayMs: number; bytesPerSecond: number };

type Pipe = { near: Socket; far: Socket; hasLost: boolean };

/** A TCP proxy on loopback that is a bad network when it is told to. */
export class FaultyProxy {
  readonly #server: Server;
  readonly #target: () => number;
  readonly #pipes = new Set<Pipe>();
  #network: Network = { kind: 'open' };

  /** The target is asked for with each connection: whoever has several replicas behind one address chooses there. */
  static async listen(target: () => number): Promise<FaultyProxy> {
    const proxy = new FaultyProxy(target);
    proxy.#server.listen(0, '127.0.0.1');
    await once(proxy.#server, 'listening');
    return proxy;
  }

  private constructor(target: () => number) {
    this.#target = target;
    this.#server = createServer({ pauseOnConnect: true }, near =>
      this.#accept(near),
    );
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many of the present connections have lost bytes. */
  get losses(): number {
    return [...this.#pipes].filter(({ hasLost }) => hasLost).length;
  }

  set(network: Network): void {
    this.#network = network;
    for (const pipe of this.#pipes) {
      // What lost bytes can't be gone on with: the peers find out when the network is back.
      if (
        network.kind === 'cut' ||
        (network.kind !== 'halfOpen' && pipe.hasLost)
      ) {
        this.#break(pipe);
      }
    }
  }

  close(): void {
    this.#pipes.forEach(pipe => this.#break(pipe));
    this.#server.close();
  }

  #accept(near: Socket): void {
    if (this.#network.kind === 'cut') {
      near.destroy();
      return;
    }
    const pipe = {
      near,
      far: connect(this.#target(), '127.0.0.1'),
      hasLost: false,
    };
    this.#pipes.add(pipe);
    this.#carry(pipe, pipe.near, pipe.far);
    this.#carry(pipe, pipe.far, pipe.near);
    near.resume();
  }

  #carry(pipe: Pipe, from: Socket, to: Socket): void {
    from.setNoDelay(true);
    from.on('data', bytes => this.#forward(pipe, from, to, bytes));
    from.on('end', () => {
      if (this.#network.kind === 'halfOpen') {
        pipe.hasLost = true;
      } else {
        to.end();
      }
    });
    from.on('error', () => this.#break(pipe));
    from.on('close', () => {
      if (this.#network.kind !== 'halfOpen') {
        this.#break(pipe);
      }
    });
  }

  #forward(pipe: Pipe, from: Socket, to: Socket, bytes: Buffer): void {
    const network = this.#network;
    if (network.kind === 'halfOpen') {
      pipe.hasLost = true;
      return;
    }
    if (network.kind === 'slow') {
      // One piece at a time, so that none overtakes another.
      from.pause();
      const takesMs =
        network.delayMs + (bytes.length / network.bytesPerSecond) * 1_000;
      setTimeout(() => {
        to.write(bytes);
        from.resume();
      }, takesMs);
      return;
    }
    if (!to.write(bytes)) {
      from.pause();
      to.once('drain', () => from.resume());
    }
  }

  #break(pipe: Pipe): void {
    this.#pipes.delete(pipe);
    pipe.near.destroy();
    pipe.far.destroy();
  }
}
