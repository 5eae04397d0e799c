/** Ids order rows of one moment, in files as in databases: visible ASCII sorts the same everywhere. */
export const ROW_ID = /^[\x21-\x7e]{1,200}$/;
