process.once("message", (code) => process.send(code.length));
