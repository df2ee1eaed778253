// Stops the clock of a program, so that what it prints has the same times in every run. Timers go on.
Object.defineProperty(performance, "timeOrigin", { value: Date.UTC(2026, 10, 1, 12) });
performance.now = () => 0;
