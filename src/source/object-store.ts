/** What a source tree is made of: directories and files under the id of their content. */

export interface StoreEntry {
  kind: 'file' | 'directory' | 'link' | 'submodule'
  oid: string
  executable: boolean
}

export interface ObjectStore {
  /** Entries of a directory by name. */
  directory(oid: string): Promise<Map<string, StoreEntry>>
  /** Contents by id. Throws a FileTooLarge when one has more than `sizeLimit` bytes. */
  files(oids: string[], sizeLimit: number): Promise<Map<string, Buffer>>
}

export class FileTooLarge extends Error {
  readonly oid: string
  readonly size: number

  constructor(oid: string, size: number) {
    super(`object ${oid} has ${size} bytes`)
    this.oid = oid
    this.size = size
  }
}
