// Command noop does nothing: what it costs to run it is what it costs to run anything.
package main

func main() {}
