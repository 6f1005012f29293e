"""A stand-in for the WhatsApp gateway (Evolution API): real HTTP and Socket.IO, the real one's shapes, and faults on demand."""
