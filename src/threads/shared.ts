/** Arrays on memory that all threads see: sent to a thread they are not copied. Zero at first. */
export const sharedFloat64 = (length: number) => new Float64Array(new SharedArrayBuffer(length * 8));
export const sharedFloat32 = (length: number) => new Float32Array(new SharedArrayBuffer(length * 4));
export const sharedUint8 = (length: number) => new Uint8Array(new SharedArrayBuffer(length));
