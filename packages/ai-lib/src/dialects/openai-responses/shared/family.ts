/** The family of the tools of this dialect. All endpoints name them alike, whether they run them or not. */
export const TOOL_FAMILY = "openai";
