"""发货信息管理: WeChat is told how an order paid in the mini-program was shipped, and tells us when
its buyer confirmed receipt there."""
