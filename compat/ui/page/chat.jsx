/** A page as the AI SDK's documentation has it. */
export function Chat({ useChat }) {
  const { messages, sendMessage, status, error, stop } = useChat();
  const question = typeof location === "undefined" ? "" : new URLSearchParams(location.search).get("q");
  return (
    <main>
      <button type="button" id="send" onClick={() => sendMessage({ text: question ?? "Hello" })}>
        send
      </button>
      <button type="button" id="stop" onClick={stop}>
        stop
      </button>
      <p id="status">{status}</p>
      <p id="error">{error?.message}</p>
      {messages.map((message) => (
        <div key={message.id} className={message.role}>
          {message.parts.map((part, index) => {
            if (part.type === "text")
              return (
                <span key={index} className="text">
                  {part.text}
                </span>
              );
            if (part.type === "tool-search")
              return (
                <code key={index} className={part.preliminary ? "progress" : part.state}>
                  {JSON.stringify(part.output)}
                </code>
              );
            return null;
          })}
        </div>
      ))}
    </main>
  );
}
