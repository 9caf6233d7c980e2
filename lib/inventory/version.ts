/** Raised when a reader finds more, fewer or other packages in the same text: what is stored of a blob is then made anew. */
export const INVENTORY_VERSION = 2
