"use client";
import { useChat } from "@ai-sdk/react";
import { Chat } from "../../page/chat.jsx";

function Page() {
  return <Chat useChat={useChat} />;
}

export { Page as default };
