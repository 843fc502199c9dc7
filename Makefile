# Everything is done by ./mifeng dev TARGET; this file only saves typing it.
TARGETS := setup run lint types imports test shape docs messages check hooks third-party table locks

.PHONY: $(TARGETS) room
$(TARGETS):
	@./mifeng dev $@ $(ARGS)

room:
	@./mifeng dev room $(NAME)
