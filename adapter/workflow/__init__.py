"""The one story, told once: the ten steps, the commands of people, and the durable engine that runs them."""
