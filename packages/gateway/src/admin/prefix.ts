/** Where every path of the admin API begins. */
export const PREFIX = "/admin/v1";
