/**
 * The adapter of a Socket.IO server none of whose rooms are used: the hub has its own. The stock one keeps a room of its own for
 * every socket, which would be 400 bytes of an idle client. There is no `io.emit` with it.
 */
export class RoomlessAdapter {
  init(): void {
    // Nothing to open.
  }

  close(): void {
    // Nor to close.
  }

  addAll(): void {
    // A socket joins the room of its own name.
  }

  delAll(): void {
    // And leaves it when it goes.
  }

  socketRooms(): undefined {
    return undefined;
  }
}
