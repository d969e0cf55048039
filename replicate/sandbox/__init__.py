"""Where programs that a model wrote are run: contained by the kernel, refused where the kernel cannot contain them.

Room plan
---------
limits      what a program may use
run         the outer side: starts, watches, kills; `run`, `run_all`
protection  which protections this machine has; refusal where a needed one is missing
inside      the inner side: confines itself step by step, then runs the program
namespaces  own network, processes, mounts; a root directory that holds the standard library and nothing else
landlock    file rules that need no privilege
seccomp     system calls that are refused: sockets, processes, signals, tracing, mounting
kernel      the few system calls that Python does not offer

What is promised. A program cannot reach a network or a local socket, start a process, signal or trace one, read a
file besides the standard library, write one besides a small private folder, see an environment variable, or go on
after its time, memory or output is used up. It can do all to itself that it likes: a program that searches the
interpreter for the word that says "passed" can say it, so a score measures programs that try to solve the task.

Only Linux on x86-64 and arm64 has these protections; elsewhere nothing runs.
"""
