const PREFIX_BYTES = 5;

/** Takes bytes as they come and gives whole gRPC messages. */
export class FrameReader {
  #rest = Buffer.alloc(0);

  read(bytes: Uint8Array): Uint8Array[] {
    this.#rest = Buffer.concat([this.#rest, bytes]);
    const messages: Uint8Array[] = [];
    while (this.#rest.length >= PREFIX_BYTES) {
      const end = PREFIX_BYTES + this.#rest.readUInt32BE(1);
      if (this.#rest.length < end) {
        break;
      }
      messages.push(this.#rest.subarray(PREFIX_BYTES, end));
      this.#rest = this.#rest.subarray(end);
    }
    return messages;
  }
}
